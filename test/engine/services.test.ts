import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { proveSource } from "../../core/qa/prove.js"
import { reasonsOf } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

const FIND = `import os, socket, urllib.request

def asked(text):
    host, port = os.environ[text].split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(b"PING\\r\\n")
        return connection.recv(100)

def test_service_that_was_given_arguments():
    assert os.environ["QUEUE"] == "queue:6390"
    assert asked("QUEUE") == b"+PONG\\r\\n"

def test_service_without_a_check_of_its_own():
    assert urllib.request.urlopen(os.environ["FILES"] + "/hello.txt").read() == b"from its own environment\\n"

def test_process_that_a_command_before_the_suite_left_running():
    assert urllib.request.urlopen("http://127.0.0.1:8123/").status == 200
`

function prove(services: string) {
  const source = dag
    .directory()
    .withNewFile("requirements.txt", "pytest==8.4.2\n")
    .withNewFile("tests/test_find.py", FIND)
    .withNewFile(
      "tollgate.yaml",
      `qa:
  timeout: 5m
  before:
    - python -m http.server 8123 & until python -c "import socket; socket.create_connection(('127.0.0.1', 8123))" 2>/dev/null; do sleep 0.2; done
    - "true"
  env: { QUEUE: "{services.queue.host}:{services.queue.port}", FILES: "http://{services.files.host}:{services.files.port}" }
  services:
    postgres: false
    redis: false
${services}
  suites: { find: { files: [tests/test_find.py] } }
`,
    )
  return proveSource(source, { suites: [], run: "", secrets: undefined })
}

const QUEUE = `    queue: { image: redis:7, port: 6390, command: [redis-server, --port, "6390"], healthy: "redis-cli -p 6390 ping | grep -q PONG" }`

test.concurrent("a suite finds services of the team's own choice by name, and what qa.before started in the background", async () => {
  const files = `    files: { image: python:3.11-slim, port: 8099, env: { TEXT: from its own environment }, command: [sh, -c, "cd /tmp && echo $TEXT >hello.txt && python -m http.server 8099"] }`
  const run = await prove(`${QUEUE}\n${files}`)
  expect(reasonsOf(run)).toEqual([])
  expect(run.result.suites.map(({ counts: { passed } }) => passed)).toEqual([3])
})

test.concurrent("a service that does not start ends the run with its name and its image", async () => {
  const files = `    files: { image: python:3.11-slim, port: 8099, command: [sh, -c, "exit 3"] }`
  await expect(prove(`${QUEUE}\n${files}`)).rejects.toMatchObject({
    code: "service-not-started",
    // by its exit or by its check, whichever the engine sees first
    message: expect.stringMatching(/^The service files \(python:3\.11-slim\) did not (stay up|become healthy)/),
  })
})
