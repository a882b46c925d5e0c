/** As Sentry's documentation has it for a site with a bundler. */
import { feedbackIntegration, init } from "@sentry/browser";

init({ dsn: `${location.protocol}//bench@${location.host}/1`, integrations: [feedbackIntegration({})] });
