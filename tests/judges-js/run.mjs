// The vendors' own JavaScript SDKs as judges. A table of cases comes in as JSON by stdin; what each
// case has heard, or what its SDK has thrown, goes out as JSON. What should have been heard is not
// known here: the tests in Python assert it.
import { completions } from "./completions.mjs";
import { chat } from "./chat.mjs";
import { generate } from "./generate.mjs";
import { messages } from "./messages.mjs";
import { responses } from "./responses.mjs";

const JUDGES = { chat, completions, responses, messages, generate };

async function judged(judge, one) {
  try {
    return await judge(one);
  } catch (error) {
    return { error: { name: error.constructor.name, status: error.status ?? null, text: said(error) } };
  }
}

// Google's SDK keeps the error's body in its message, the others in a field of their own.
function said(error) {
  return `${error.message} ${JSON.stringify(error.error ?? null)}`;
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { url, key, cases } = JSON.parse(Buffer.concat(chunks).toString());
const judges = Object.fromEntries(
  Object.entries(JUDGES).map(([surface, make]) => [surface, make(url, key)]),
);
const heard = {};
for (const one of cases) heard[one.id] = await judged(judges[one.surface], one);
// A pipe takes its time, and idle connections would keep the process.
process.stdout.write(JSON.stringify(heard), () => process.exit(0));
