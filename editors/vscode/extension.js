// Starts `tautline lsp` for the folder that is open, and nothing else: everything that is found comes from the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { selector } = require("./selector");

/** @type {LanguageClient | undefined} */
let client;

/** Starts the server; where that fails, says what to do about it. */
async function start() {
  const command = vscode.workspace.getConfiguration("tautline").get("path", "tautline");
  const server = { command, args: ["lsp"] };
  client = new LanguageClient("tautline", "tautline", server, { documentSelector: selector });
  try {
    await client.start();
  } catch (error) {
    // What the client gives as the reason is an error or a text.
    const reason = error?.message ?? error;
    vscode.window.showErrorMessage(
      `tautline cannot be started as \`${command}\` (${reason}): set \`tautline.path\` to where it is`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  // One after the other: while a path is typed, settings change faster than a server starts, and none may be forgotten.
  let turn = start();
  const restart = () => {
    turn = turn.then(stop).then(start);
    return turn;
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("tautline.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("tautline")) {
        restart();
      }
    }),
  );
  await turn;
}

module.exports = { activate, deactivate: stop };
