import type * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import type * as core from "../../src/core/contract/adapter.ts";
import type * as data from "../../src/protocol/data.ts";
import type * as requests from "../../src/protocol/requests.ts";

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Out<S extends v.GenericSchema> = DeepReadonly<v.InferOutput<S>>;

// The compiler does the work (`tsc`): a property that is missing or optional on one side alone is an error there.
describe("the wire and the interface say the same", () => {
  test("in every answer", () => {
    expectTypeOf<Out<typeof data.member>>().toEqualTypeOf<core.Member>();
    expectTypeOf<Out<typeof data.author>>().toEqualTypeOf<core.Author>();
    expectTypeOf<Out<typeof data.attachment>>().toEqualTypeOf<core.Attachment>();
    expectTypeOf<Out<typeof data.message>>().toEqualTypeOf<core.Message>();
    expectTypeOf<Out<typeof data.ticket>>().toEqualTypeOf<core.Ticket>();
    expectTypeOf<Out<typeof data.ticketPage>>().toEqualTypeOf<core.Page<core.Ticket>>();
    expectTypeOf<Out<typeof data.messagePage>>().toEqualTypeOf<core.Page<core.Message>>();
    expectTypeOf<Out<typeof data.field>>().toEqualTypeOf<core.Field>();
    expectTypeOf<Out<typeof data.availability>>().toEqualTypeOf<core.Availability>();
    expectTypeOf<Out<typeof data.conversation>>().toEqualTypeOf<core.Conversation>();
    expectTypeOf<Out<typeof data.uploadLimits>>().toEqualTypeOf<core.UploadLimits>();
    expectTypeOf<Out<typeof data.session>>().toEqualTypeOf<core.Session>();
  });

  test("in every event, both ways", () => {
    expectTypeOf<Out<typeof data.ticketEvent>>().toExtend<core.TicketEvent>();
    expectTypeOf<core.TicketEvent>().toExtend<Out<typeof data.ticketEvent>>();
    expectTypeOf<Out<typeof data.chatEvent>>().toExtend<core.ChatEvent>();
    expectTypeOf<core.ChatEvent>().toExtend<Out<typeof data.chatEvent>>();
  });

  test("in every request", () => {
    expectTypeOf<Out<typeof requests.ticketDraft>>().toEqualTypeOf<core.TicketDraft>();
    expectTypeOf<Out<typeof requests.messageDraft>>().toEqualTypeOf<core.MessageDraft>();
    expectTypeOf<Out<typeof requests.ticketQuery>>().toEqualTypeOf<core.TicketQuery>();
    expectTypeOf<Out<typeof requests.chatRequest>>().toEqualTypeOf<core.ChatRequest>();
    expectTypeOf<Out<typeof requests.rating>>().toEqualTypeOf<core.Rating>();
    expectTypeOf<Out<typeof requests.credentials>>().toEqualTypeOf<core.Credentials>();
  });
});
