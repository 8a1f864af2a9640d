import { dag, type Secret } from "@dagger.io/dagger"
import { TollgateError } from "../shared/errors.js"
import { lineWords, readDotenv } from "./parse.js"

/**
 * Values out of one dotenv secret, each as a secret of its own. What is not asked for stays where it is: a laptop's .env
 * names real databases too.
 *
 * @param names names that must be there; all that are not are reported at once, by name alone
 * @param place where tollgate.yaml asks for them
 * @param called what a secret is called in the engine
 */
export async function readSecrets(
  bundle: Secret | undefined,
  names: string[],
  place: string,
  called = (name: string) => `tollgate-${name}`,
): Promise<Map<string, Secret>> {
  const reading = readDotenv(bundle === undefined ? "" : await bundle.plaintext())
  const missing = names.filter((name) => !reading.values.get(name))
  const skipped =
    reading.malformed.length > 0 ? ` Skipped, because they are no assignment: ${lineWords(reading.malformed)}.` : ""
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.${skipped}`,
      `${place} of tollgate.yaml asks for them. Give them in dotenv form, for example --secrets=env:QA_ENV or --secrets=file:qa.env.`,
    )
  const twice = reading.repeated.filter(({ name }) => names.includes(name))
  if (twice.length > 0)
    throw new TollgateError(
      "secrets-repeated",
      `--secrets holds more than once: ${twice.map(({ name, lines }) => `${name} (${lineWords(lines)})`).join(", ")}.`,
      "Which of the values is meant cannot be told. Keep one.",
    )
  return new Map(names.map((name) => [name, dag.setSecret(called(name), reading.values.get(name) ?? "")]))
}
