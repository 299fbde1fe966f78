// What every program here does: read a list of cases as JSON from stdin, do each, and write as the
// last line of stdout what came out of each by its id, or `{error: {name, text}}`. Cases run side by
// side; the case `error` is the task `plain`, whose answer is an error.
const AT_ONCE = 8;
// How long the process stays after it has left a stream that would take two seconds more.
const ABORT_MS = 2500;

// Google's older SDK, under LangChain's, rejects a promise that nobody can await when it is aborted.
process.on("unhandledRejection", (error) => console.error(error));

export async function drained(stream) {
  const pieces = [];
  for await (const piece of stream) if (piece) pieces.push(piece);
  return { text: pieces.join(""), pieces: pieces.length };
}

// Leaves a stream at its first text.
export async function left(stream, abort = () => {}) {
  let text = "";
  for await (const piece of stream) {
    text = piece;
    if (text) break;
  }
  abort();
  await new Promise((done) => setTimeout(done, ABORT_MS));
  return { text };
}

export async function main(tasks) {
  const print = console.log;
  console.log = console.error;
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const cases = JSON.parse(Buffer.concat(chunks).toString());
  const outcomes = {};
  const worker = async () => {
    for (let one = cases.shift(); one; one = cases.shift()) {
      outcomes[one.id] = await outcome(tasks, one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  print(JSON.stringify(outcomes));
  process.stdout.write("", () => process.exit(0));
}

async function outcome(tasks, one) {
  try {
    return await tasks[one.task === "error" ? "plain" : one.task](one);
  } catch (error) {
    return { error: { name: error.constructor.name, text: texts(error).slice(0, 2000) } };
  }
}

function texts(error) {
  const own = `${error.message} ${error.responseBody ?? ""}`;
  return error.cause ? `${own} | ${texts(error.cause)}` : own;
}
