interface BrandedNavigator {
  /** User-Agent Client Hints (WICG), if supported: browser and platform by name. */
  readonly userAgentData?: {
    readonly platform: string;
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
  };
}

/** Such as "Chromium 156, Linux"; the user agent's own string where the browser has no names. */
export function browserName(): string {
  const { userAgentData: data } = navigator as BrandedNavigator;
  const named = data?.brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand)).at(-1);
  return data && named ? `${named.brand} ${named.version}, ${data.platform}` : navigator.userAgent;
}
