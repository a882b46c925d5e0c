import { afterAll, bench, describe } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import type { Member } from "../../src/core/adapter.ts";
