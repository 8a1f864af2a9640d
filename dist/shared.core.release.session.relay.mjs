import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  openSession
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  parseAddress
} from "./shared.core.database.connect.address.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/session/relay.ts
import { createServer } from "node:net";
async function openRelay(dial, at = { host: "127.0.0.1", port: 0 }) {
  const sockets = /* @__PURE__ */ new Set();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    void dial().then(
      (onward) => join(socket, onward),
      () => socket.destroy()
    );
  });
  await new Promise((opened, failed) => {
    server.once("error", failed);
    server.listen(at.port, at.host, opened);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new RangeError("a server that listens has a port");
  server.unref();
  const cut = /* @__PURE__ */ __name(() => {
    for (const socket of sockets) socket.destroy();
  }, "cut");
  return {
    port: address.port,
    cut,
    close: /* @__PURE__ */ __name(() => {
      cut();
      return new Promise((closed) => server.close(() => closed()));
    }, "close")
  };
}
__name(openRelay, "openRelay");
function join(socket, onward) {
  for (const [one, other] of [
    [socket, onward],
    [onward, socket]
  ]) {
    one.on("error", () => other.destroy());
    one.on("close", () => endSoon(other));
  }
  if (socket.destroyed) return void onward.destroy();
  socket.pipe(onward).pipe(socket);
}
__name(join, "join");
function endSoon(stream) {
  if (stream.destroyed) return;
  stream.end();
  if (stream.writableFinished) stream.destroy();
  else stream.once("finish", () => stream.destroy());
}
__name(endSoon, "endSoon");

// core/release/session/through-target.ts
async function forwardTo(target, host, port) {
  return await openRelay(() => target.dial(host, port));
}
__name(forwardTo, "forwardTo");
async function throughTarget(target, url, variable, work) {
  const address = parseAddress(url, variable);
  const forward = await forwardTo(target, address.host, address.port);
  try {
    const session = await openSession({ ...address, host: "127.0.0.1", port: forward.port }, "tollgate monitor");
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  } finally {
    await forward.close();
  }
}
__name(throughTarget, "throughTarget");

export {
  forwardTo,
  throughTarget
};
