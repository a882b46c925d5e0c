/** Whether the screen can be captured here: not on a phone, and not if the page's policy forbids it. */
export function canCapture(): boolean {
  return (
    "getDisplayMedia" in (navigator.mediaDevices ?? {}) &&
    matchMedia("(any-pointer: fine)").matches &&
    (policyOf(document)?.allowsFeature("display-capture") ?? true)
  );
}

interface Policy {
  allowsFeature(name: string): boolean;
}

/** Only Chromium reports it; other browsers ask the member and fail. */
const policyOf = (page: Document & { readonly featurePolicy?: Policy }) => page.featurePolicy;
