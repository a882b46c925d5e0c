import { configure } from "@testing-library/preact";

// Allows for busy machines; a missing element still fails.
configure({ asyncUtilTimeout: 10_000 });
