import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanSource
} from "./shared.core.app.python.read-files.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.build-secrets.mjs";
import "./shared.core.image.stamp.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.app.python.app.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.scan.database-verdict.mjs";
import "./shared.core.config.scan.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.shared.nearest.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  scanSource
};
