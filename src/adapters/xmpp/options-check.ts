import { checkNames, optionCheck } from "../../adapter/index.ts";
import type { FileOptions } from "./files.ts";
import type { XmppOptions } from "./options.ts";

const check = optionCheck("xmpp");
const names: Readonly<Record<keyof XmppOptions, true>> = {
  servers: true,
  component: true,
  secret: true,
  copies: true,
  rooms: true,
  agents: true,
  lobby: true,
  files: true,
  key: true,
  languages: true,
  graceMs: true,
  agentGraceMs: true,
  keepMs: true,
  maxStanzaBytes: true,
  snapshotEvery: true,
  pingMs: true,
  onError: true,
};
const fileNames: Readonly<Record<keyof FileOptions, true>> = {
  service: true,
  origin: true,
  maxBytes: true,
  maxFiles: true,
};
const KEY_BYTES = 32;
/** The maximum delay of the engine's timers. */
const NUMBER_MAX = 2 ** 31 - 1;
/** `keepMs` is no timer: ten years. */
const KEEP_MAX = 10 * 366 * 24 * 3_600_000;

/** Throws a TypeError that names the option and says what to do. */
export function checkOptions(options: XmppOptions): void {
  check(isObject(options), "options", "are missing: write xmpp({ servers, component, secret, rooms, agents, key })");
  checkNames(check, options, names);
  checkServer(options);
  checkKeys(options.key);
  checkPeople(options.agents);
  checkFiles(options.files);
  checkNumbers(options);
  const { component, copies = [component], languages = [], lobby = "help", onError } = options;
  check(isList(copies) && copies.every(isDomain), "copies", "must be a list of addresses such as chat-a.example.org");
  check(copies.includes(component), "copies", `does not contain this copy's own address "${component}"`);
  const areTags = isList(languages) && languages.every(isText);
  check(areTags, "languages", 'must be a list of language tags, such as ["sl", "en"]');
  const isName = isText(lobby) && /^[^\s@/"&'<>]+$/.test(lobby);
  check(isName, "lobby", 'must be the name of a room without its service, such as "help"');
  check(onError === undefined || typeof onError === "function", "onError", "must be a function");
}

function checkServer({ component, rooms, secret, servers }: XmppOptions): void {
  const port = "write it like tcp://xmpp.example.org:5347";
  check(isList(servers) && servers.length > 0, "servers", `must be a list of the server's component ports: ${port}`);
  for (const server of servers) {
    const fits = isText(server) && /^tcp:\/\/[^/]+:\d+$/.test(server) && URL.canParse(server);
    check(fits, "servers", `holds "${server}": ${port}`);
  }
  check(isDomain(component), "component", `is "${component}": write it like chat.example.org`);
  check(isDomain(rooms), "rooms", `is "${rooms}": write it like rooms.example.org`);
  check(isText(secret) && secret !== "", "secret", "must be the component's password at the server");
}

function checkKeys(key: unknown): void {
  const keys = isText(key) ? [key] : key;
  const areKeys = isList(keys) && keys.length > 0 && keys.every(isText);
  const areLong = areKeys && keys.every((each) => new TextEncoder().encode(each).length >= KEY_BYTES);
  check(areLong, "key", `needs at least ${KEY_BYTES} bytes, such as the output of \`openssl rand -base64 32\``);
}

function checkPeople(agents: unknown): void {
  const people = "must be a list of who may answer, such as nina@example.org, or their domain";
  check(isList(agents) && agents.length > 0, "agents", people);
  for (const agent of isList(agents) ? agents : []) {
    const [name = "", domain, more] = isText(agent) ? agent.split("@") : [];
    const fits = domain === undefined ? isDomain(name) : name !== "" && isDomain(domain) && more === undefined;
    check(fits, "agents", `holds "${String(agent)}": it ${people}`);
  }
}

function checkFiles(files: FileOptions | undefined): void {
  if (files === undefined) return;
  check(isObject(files), "files", 'must be an object, such as { service: "upload.example.org", origin: "https://…" }');
  checkNames(check, files, fileNames, "files.");
  const { maxBytes = 1, maxFiles = 1, origin, service } = files;
  check(isDomain(service), "files.service", "must be the upload service's address, such as upload.example.org");
  const isOrigin =
    isText(origin) && /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
  check(isOrigin, "files.origin", 'must be the origin of the files, such as "https://upload.example.org"');
  check(isBetween(maxBytes, 1), "files.maxBytes", "must be a number of bytes");
  check(isBetween(maxFiles, 1), "files.maxFiles", "must be 1 or more");
}

function checkNumbers(options: XmppOptions): void {
  const { agentGraceMs = 0, graceMs = 0, keepMs = 1, maxStanzaBytes = 1, pingMs = 1, snapshotEvery = 1 } = options;
  for (const [name, value] of Object.entries({ agentGraceMs, graceMs })) {
    check(isBetween(value, 0), name, "must be a number of milliseconds, 0 or more");
  }
  for (const [name, value] of Object.entries({ maxStanzaBytes, pingMs, snapshotEvery })) {
    check(isBetween(value, 1), name, "must be a number, 1 or more");
  }
  check(isBetween(keepMs, 1, KEEP_MAX), "keepMs", "must be a number of milliseconds, 1 or more");
}

function isBetween(value: unknown, least: number, most = NUMBER_MAX): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isDomain = (value: unknown): boolean => isText(value) && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value);
