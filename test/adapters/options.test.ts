import { describe, expect, test } from "vitest";
import { redmine, type RedmineOptions } from "../../src/adapters/redmine/index.ts";
import { xmpp, type XmppOptions } from "../../src/adapters/xmpp/index.ts";
import { requestTracker, type RequestTrackerOptions } from "../../src/adapters/request-tracker/index.ts";
import { znuny, type ZnunyOptions } from "../../src/adapters/znuny/index.ts";

const rt: RequestTrackerOptions = { url: "https://rt.example.org", token: "1-29-9be4dd94", queue: "Help" };
const mine: RedmineOptions = {
  url: "https://redmine.example.org",
  key: "0123456789abcdef0123456789abcdef01234567",
  project: "help",
  tracker: "Support",
  role: "Member",
};

const theirs: ZnunyOptions = { url: "https://help.example.org/znuny", user: "podpora", password: "x", queue: "Help" };

const chat: XmppOptions = {
  servers: ["tcp://127.0.0.1:1"],
  component: "chat.example.org",
  secret: "s",
  rooms: "rooms.example.org",
  agents: ["nina@example.org"],
  key: "x".repeat(32),
};
const files = { service: "upload.example.org", origin: "https://upload.example.org" };

describe("a mistake in a desk's options is reported at the start, with the option's name and what to do", () => {
  test.each<readonly [string, object]>([
    ['"url" must be the web address of RT', { url: "rt.example.org" }],
    ['"token" must be an authentication token', { token: "abc" }],
    ['"queue" must be the name of a queue', { queue: " " }],
    ['"statuses.reopenTo" must be one of statuses.open', { statuses: { reopenTo: "stalled" } }],
    ['"fields" must name each custom field once', { fields: ["a", "a"] }],
    ['"maxFileBytes" must be a number of bytes', { maxFileBytes: 0 }],
    ['"hookSecret" must have at least 32 bytes', { hookSecret: "short" }],
    ['"pollMs" must be a number of milliseconds', { pollMs: 0 }],
    ['"callMs" must be a number of milliseconds', { callMs: -1 }],
    ['"que" is unknown: there are url, token, queue', { que: "Help" }],
    ['"hooksecret" is unknown: did you mean "hookSecret"?', { hooksecret: "x".repeat(40) }],
    ['"statuses.awaitng" is unknown: did you mean "awaiting"?', { statuses: { awaitng: ["stalled"] } }],
  ])("Request Tracker: the option %s", (message, options) => {
    expect(() => requestTracker({ ...rt, ...options })).toThrow(`requestTracker: the option ${message}`);
  });

  test.each<readonly [string, object]>([
    ['"url" must be the web address of Redmine', { url: "ftp://redmine.example.org" }],
    ['"key" is not an API key', { key: "short" }],
    ['"project" must be the identifier', { project: "Help desk" }],
    ['"tracker" must be its name', { tracker: "" }],
    ['"role" must be its name', { role: "" }],
    ['"maxFiles" must be 1 or more', { maxFiles: 0 }],
    ['"pollMs" must be 100 or more', { pollMs: 1 }],
    ['"trackr" is unknown: did you mean "tracker"?', { trackr: "Support" }],
    ['"reffield" is unknown: did you mean "refField"?', { reffield: "Ref" }],
    [
      '"statuses.closed" is unknown: there are open, awaiting',
      { statuses: { open: ["New"], awaiting: ["Feedback"], resolved: ["Closed"], reopenTo: "New", closed: ["x"] } },
    ],
  ])("Redmine: the option %s", (message, options) => {
    expect(() => redmine({ ...mine, ...options })).toThrow(`redmine: the option ${message}`);
  });

  const states = { open: ["new"], awaiting: ["waiting"], resolved: ["closed"], reopenTo: "new" };
  test.each<readonly [string, object]>([
    ['"url" must be the web address of Znuny\'s scripts', { url: "help.example.org" }],
    ['"user" must be given', { user: " " }],
    ['"password" must be given', { password: "" }],
    ['"queue" must be given', { queue: "" }],
    ['"login" must be "email" or "id"', { login: "name" }],
    ['"states.awaiting" must name at least one state', { states: { ...states, awaiting: [] } }],
    ['"states" has "new" twice', { states: { ...states, awaiting: ["new"] } }],
    ['"states.reopenTo" must be one of states.open', { states: { ...states, reopenTo: "closed" } }],
    [
      '"fields" has "Order number": the name of a dynamic field',
      { fields: [{ key: "Order number", label: "x", kind: "text" }] },
    ],
    ['"fields" names a dynamic field twice', { fields: [{ key: "PodporaRef", label: "x", kind: "text" }] }],
    ['"maxFileBytes" must be 1 or more', { maxFileBytes: 0 }],
    ['"maxFileBytes" times maxFiles must be at most', { maxFileBytes: 20 * 1024 * 1024 }],
    ['"pollMs" must be 100 or more', { pollMs: 1 }],
    ['"pasword" is unknown: did you mean "password"?', { pasword: "x" }],
  ])("Znuny: the option %s", (message, options) => {
    expect(() => znuny({ ...theirs, ...options })).toThrow(`znuny: the option ${message}`);
  });

  test.each<readonly [string, object]>([
    ['"servers" must be a list', { servers: undefined }],
    ['"servers" must be a list', { servers: "tcp://127.0.0.1:1" }],
    ['"servers" holds "xmpp.example.org"', { servers: ["xmpp.example.org"] }],
    ['"component" is "undefined"', { component: undefined }],
    ['"rooms" is "5"', { rooms: 5 }],
    ['"secret" must be the component\'s password', { secret: 5 }],
    ['"key" needs at least 32 bytes', { key: undefined }],
    ['"key" needs at least 32 bytes', { key: ["x".repeat(32), "short"] }],
    ['"agents" must be a list', { agents: undefined }],
    ['"agents" must be a list', { agents: "nina@example.org" }],
    ['"agents" holds "5"', { agents: [5] }],
    ['"agents" holds "nina"', { agents: ["nina"] }],
    ['"copies" must be a list', { copies: "chat.example.org" }],
    ['"copies" does not contain', { copies: ["chat-b.example.org"] }],
    ['"lobby" must be the name of a room', { lobby: 5 }],
    ['"lobby" must be the name of a room', { lobby: "a b@c" }],
    ['"files.service" must be', { files: { origin: files.origin } }],
    ['"files.origin" must be', { files: { ...files, origin: "data:x" } }],
    ['"files.maxBytes" must be a number', { files: { ...files, maxBytes: "10MB" } }],
    ['"files.maxFiles" must be 1 or more', { files: { ...files, maxFiles: -1 } }],
    ['"files.maxbytes" is unknown: did you mean "maxBytes"?', { files: { ...files, maxbytes: 1 } }],
    ['"agentgraceMs" is unknown: did you mean "agentGraceMs"?', { agentgraceMs: 1 }],
    ['"filez" is unknown: did you mean "files"?', { filez: files }],
    ['"keepMs" must be a number', { keepMs: "30" }],
    ['"keepMs" must be a number', { keepMs: Infinity }],
    ['"pingMs" must be a number', { pingMs: 0 }],
    ['"graceMs" must be a number', { graceMs: -1 }],
    ['"onError" must be a function', { onError: "x" }],
    ['"languages" must be a list', { languages: "sl" }],
  ])("XMPP: the option %s", (message, options) => {
    expect(() => xmpp({ ...chat, ...options })).toThrow(`xmpp: the option ${message}`);
  });
});
