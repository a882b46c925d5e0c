import type en from "../../locales/en.json";

// Keys are typed from the source language: an unknown key does not compile.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}
