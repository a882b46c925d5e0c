import { configure } from "@testing-library/preact";

// A busy machine is slow; what never comes fails all the same.
configure({ asyncUtilTimeout: 10_000 });
