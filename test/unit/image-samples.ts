import type { Finding, InspectedImage, PlatformImage } from "../../core/image/inspected.js"
import type { ObservedService } from "../../core/image/observed.js"
import type { ImageResult } from "../../core/image/result.js"

export const platformImage = (more: Partial<PlatformImage> = {}): PlatformImage => ({
  platform: "linux/amd64",
  digest: `sha256:${"a".repeat(64)}`,
  config: {
    User: "10001:10001",
    Env: ["PATH=/usr/bin", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D"],
    Entrypoint: null,
    Cmd: ["python", "-m", "app.serve"],
    Healthcheck: { Test: ["CMD", "true"] },
    Labels: { "org.opencontainers.image.revision": "abc" },
  },
  layers: [
    { origin: { kind: "base" }, size: 78_000_000, compressed: 29_000_000, files: 3773 },
    {
      origin: { kind: "step", words: "mount / from exec /bin/sh -c pip install -r requirements.txt" },
      size: 50_000_000,
      compressed: 20_000_000,
      files: 2000,
    },
    {
      origin: { kind: "step", words: "Directory.withDirectoryDockerfileCompat" },
      size: 200_000,
      compressed: 40_000,
      files: 60,
    },
  ],
  biggest: [{ path: "usr/bin/python3.11", size: 6_800_000, layer: 0, goneIn: null }],
  wasted: 0,
  users: [
    { name: "root", uid: 0 },
    { name: "app", uid: 10001 },
  ],
  programs: { amd64: 400 },
  findings: [],
  ...more,
})

export const configured = (config: Partial<PlatformImage["config"]>): PlatformImage =>
  platformImage({ config: { ...platformImage().config, ...config } })

export const finding = (more: Partial<Finding> = {}): Finding => ({
  kind: "dotenv",
  path: "srv/.env",
  layer: 1,
  goneIn: null,
  ...more,
})

export const inspected = (...images: PlatformImage[]): InspectedImage => ({
  digest: `sha256:${"b".repeat(64)}`,
  images: images.length === 0 ? [platformImage()] : images,
})

export const observed = (more: Partial<ObservedService> = {}): ObservedService => ({
  at: "2026-11-22T09:30:00Z",
  beforeFailed: null,
  beforeTimedOut: false,
  exit: null,
  answer: { kind: "answered", status: 200, body: "ok" },
  answeredAfter: 1.2,
  healthcheck: { code: 0, output: "" },
  healthyAfter: 1.5,
  listening: ["00000000:1F40"],
  settled: 3.1,
  output: "starting\nlistening\n",
  ...more,
})

export const rules = {
  maxSize: 400_000_000,
  port: 8000,
  health: "/health",
  notSecret: [],
  startTimeout: 30,
  before: ["alembic upgrade head"],
  beforeTimeout: 600,
}

export const imageResult = (more: Partial<ImageResult> = {}): ImageResult => ({
  app: "examples/payments",
  source: `sha256:${"c".repeat(64)}`,
  tollgateVersion: "0.1.0",
  recipe: { kind: "dockerfile", path: "Dockerfile" },
  stamp: { revision: "8d3c1f0a9b7e6d5c4b3a29181706f5e4d3c2b1a0", created: "2026-11-21T17:45:00Z", source: "" },
  rules,
  inspected: inspected(),
  started: { kind: "seen", platform: "linux/amd64", seen: observed(), cached: false },
  reproducible: { kind: "not-checked" },
  problems: [],
  ...more,
})
