import type { Field, FieldValue } from "../../src/core/contract/adapter.ts";

/** A form with every kind of field, each with valid values for the contract. */
export const form: readonly Field[] = [
  {
    key: "category",
    label: "Category",
    kind: "select",
    options: [
      { value: "web", label: "Web site" },
      { value: "orders", label: "Orders" },
    ],
  },
  {
    key: "order",
    label: "Order number",
    kind: "text",
    required: true,
    pattern: String.raw`BR-\d{6}`,
    showWhen: { key: "category", values: ["orders"] },
  },
  { key: "consent", label: "I may be called", kind: "checkbox", required: true },
  { key: "steps", label: "Steps", kind: "long-text" },
  { key: "since", label: "Since", kind: "date" },
  { key: "seats", label: "Seats", kind: "number" },
  {
    key: "devices",
    label: "Devices",
    kind: "multi-select",
    options: [
      { value: "phone", label: "Phone" },
      { value: "tablet", label: "Tablet" },
    ],
  },
];

/** Values that a contract cannot generate. */
export const answers: Readonly<Record<string, FieldValue>> = { order: "BR-204816" };
