import * as v from "valibot";

// The parts of each answer that are used; the rest is ignored.
const id = v.pipe(v.number(), v.integer());
const time = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), "is not a time"),
);
const named = v.object({ id, name: v.string() });
const texts = v.array(v.string());

const customValue = v.object({
  id,
  value: v.optional(v.nullable(v.union([v.string(), v.array(v.nullable(v.string()))]))),
});

export const attachment = v.object({
  id,
  filename: v.string(),
  filesize: v.number(),
  content_type: v.optional(v.nullable(v.string())),
  author: v.optional(named),
});

const journal = v.object({
  id,
  user: v.optional(named),
  notes: v.optional(v.nullable(v.string())),
  created_on: time,
  private_notes: v.optional(v.boolean(), false),
  details: v.optional(
    v.array(
      v.object({
        property: v.string(),
        name: v.string(),
        old_value: v.optional(v.nullable(v.string())),
        new_value: v.optional(v.nullable(v.string())),
      }),
    ),
    [],
  ),
});

export const issue = v.object({
  id,
  project: named,
  status: named,
  author: v.optional(named),
  subject: v.string(),
  description: v.optional(v.nullable(v.string())),
  created_on: time,
  updated_on: time,
  custom_fields: v.optional(v.array(customValue), []),
  attachments: v.optional(v.array(attachment), []),
  journals: v.optional(v.array(journal), []),
});

export const oneIssue = v.object({ issue });
export const issues = v.object({ issues: v.array(issue), total_count: v.number() });
export const oneAttachment = v.object({ attachment });
export const upload = v.object({ upload: v.object({ id, token: v.string() }) });

export const users = v.object({
  users: v.array(v.object({ id, mail: v.optional(v.nullable(v.string())) })),
  total_count: v.number(),
});
export const user = v.object({
  user: v.object({
    id,
    login: v.string(),
    admin: v.optional(v.boolean(), false),
    firstname: v.optional(v.string(), ""),
    lastname: v.optional(v.string(), ""),
    mail: v.optional(v.nullable(v.string())),
    status: v.optional(v.number(), 1),
    memberships: v.optional(v.array(v.object({ project: named, roles: v.array(named) })), []),
  }),
});
export const madeUser = v.object({ user: v.object({ id, login: v.string() }) });

export const statuses = v.object({ issue_statuses: v.array(named) });
export const roles = v.object({ roles: v.array(named) });
export const role = v.object({
  role: v.object({ permissions: texts, issues_visibility: v.optional(v.string()) }),
});
export const project = v.object({
  project: v.object({
    ...named.entries,
    is_public: v.optional(v.boolean(), false),
    trackers: v.optional(v.array(named), []),
    enabled_modules: v.optional(v.array(v.object({ name: v.string() })), []),
  }),
});

const customField = v.object({
  ...named.entries,
  customized_type: v.optional(v.string()),
  field_format: v.string(),
  regexp: v.optional(v.nullable(v.string())),
  min_length: v.optional(v.nullable(v.number())),
  max_length: v.optional(v.nullable(v.number())),
  is_required: v.optional(v.boolean(), false),
  is_filter: v.optional(v.boolean(), false),
  multiple: v.optional(v.boolean(), false),
  default_value: v.optional(v.nullable(v.string())),
  description: v.optional(v.nullable(v.string())),
  visible: v.optional(v.boolean(), true),
  possible_values: v.optional(v.array(v.object({ value: v.string(), label: v.optional(v.string()) })), []),
  trackers: v.optional(v.array(named), []),
  roles: v.optional(v.array(named), []),
});
export const customFields = v.object({ custom_fields: v.array(customField) });

export const refusal = v.object({ errors: texts });

export type Issue = v.InferOutput<typeof issue>;
export type Journal = v.InferOutput<typeof journal>;
export type StoredFile = v.InferOutput<typeof attachment>;
export type CustomField = v.InferOutput<typeof customField>;
export type User = v.InferOutput<typeof user>["user"];
