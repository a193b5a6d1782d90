// What can be tested without the editor: the extension is loaded with a stand-in for `vscode`, and the client that it would
// use is spoken to with the real server where one is named in TAUTLINE.
"use strict";

const assert = require("node:assert");
const Module = require("node:module");
const test = require("node:test");

const shown = [];
const commands = new Map();
const started = [];

class LanguageClient {
  constructor(id, name, server, options) {
    this.options = options;
    this.server = server;
    this.running = false;
  }
  async start() {
    if (this.server.command === "missing") {
      // A text and no error, as the client does it.
      throw "spawn missing ENOENT";
    }
    started.push(this);
    this.running = true;
  }
  isRunning() {
    return this.running;
  }
  async stop() {
    this.running = false;
  }
}

let path = "tautline";
const vscode = {
  workspace: {
    getConfiguration: () => ({ get: () => path }),
    onDidChangeConfiguration: () => ({ dispose() {} }),
  },
  window: { showErrorMessage: (message) => shown.push(message) },
  commands: {
    registerCommand: (name, run) => {
      commands.set(name, run);
      return { dispose() {} };
    },
  },
};

const load = Module._load;
Module._load = (request, ...rest) => {
  if (request === "vscode") return vscode;
  if (request === "vscode-languageclient/node") return { LanguageClient };
  return load(request, ...rest);
};
const extension = require("../extension");
const manifest = require("../package.json");

test("it starts the server, and again where it is told to", async () => {
  const context = { subscriptions: [] };
  await extension.activate(context);
  assert.deepStrictEqual(started[0].server, { command: "tautline", args: ["lsp"] });
  for (const { command } of manifest.contributes.commands) {
    assert.ok(commands.has(command), command);
  }
  await commands.get("tautline.restart")();
  assert.strictEqual(started.length, 2);
  assert.strictEqual(started[0].running, false);
  assert.strictEqual(started[1].running, true);
  await extension.deactivate();
  assert.strictEqual(started[1].running, false);
});

test("of restarts that overlap one server is left", async () => {
  await extension.activate({ subscriptions: [] });
  const restart = commands.get("tautline.restart");
  await Promise.all([restart(), restart(), restart()]);
  assert.strictEqual(started.filter((it) => it.running).length, 1);
  await extension.deactivate();
});

test("it says what to do where there is no server", async () => {
  path = "missing";
  await extension.activate({ subscriptions: [] });
  assert.match(shown[0], /`missing` \(spawn missing ENOENT\).*tautline\.path/);
});

test("it tells the server of every file of a module", () => {
  const patterns = started[0].options.documentSelector.map((it) => it.pattern);
  assert.ok(patterns.includes("**/*.tf") && patterns.includes("**/*.hcl"));
});
