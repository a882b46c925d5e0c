/** Whether a picture of the screen can be taken here: not on a phone, and not where the page's policy forbids it. */
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

/** Chromium alone tells; the others ask the member and fail. */
const policyOf = (page: Document & { readonly featurePolicy?: Policy }) => page.featurePolicy;
