import type { Finding } from "../../core/adapter.ts";

export const good = (text: string): Finding => ({ level: "good", text });
export const risk = (text: string, fix: string): Finding => ({ level: "risk", text, fix });
export const fault = (text: string, fix: string): Finding => ({ level: "fault", text, fix });
