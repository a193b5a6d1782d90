-- A scripted session, to see the server at work without an editor in front of you: from the root of a repository
--
--   nvim --headless --clean --cmd "luafile tautline.lua" -c "luafile session.lua" stacks/dns/main.tf
--
-- It lists what is found in the file, suppresses the first of it, and asks about a marker, an expression and a call.

local function say(...) io.stdout:write(string.format(...) .. "\n") end
local function wait(what, holds)
  if not vim.wait(60000, holds, 20) then say("no %s", what) vim.cmd("cquit") end
end
local function list()
  for _, it in ipairs(vim.diagnostic.get(0)) do
    say("%d:%d %s %s", it.lnum + 1, it.col + 1, it.code or (it.user_data and it.user_data.lsp.code) or "", vim.split(it.message, "\n")[1])
  end
end
-- In which units the server counts, as far as there is a choice.
local function encoding()
  local client = (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
  return client.offset_encoding or "utf-16"
end
local function ask(method, params)
  params = params or vim.lsp.util.make_position_params(0, encoding())
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  for _, answer in pairs(answers or {}) do return answer.result end
end

wait("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
say("-- what is found in %s", vim.fn.expand("%:."))
list()

say("-- the first is suppressed")
local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
local range = vim.lsp.util.make_range_params(0, encoding())
range.context = { diagnostics = {} }
for _, action in ipairs(ask("textDocument/codeAction", range)) do
  say("action: %s", action.title)
  if vim.startswith(action.title, "Suppress") then
    vim.lsp.util.apply_workspace_edit(action.edit, encoding())
  end
end
local line = vim.api.nvim_buf_get_lines(0, first.lnum, first.lnum + 1, false)[1]
say("line %d: %s", first.lnum + 1, line)
vim.api.nvim_buf_set_lines(0, first.lnum, first.lnum + 1, false, { line .. "the login of the app" })
wait("change", function()
  for _, it in ipairs(vim.diagnostic.get(0)) do if it.message == first.message then return false end end
  return true
end)
list()

say("-- hover on the marker")
local at = vim.fn.search("KYVERNO_LIFECYCLE_V1\\|KEEL_IGNORE_IMAGE")
if at > 0 then
  local hover = ask("textDocument/hover")
  for _, text in ipairs(vim.list_slice(vim.split(hover.contents.value, "\n"), 1, 6)) do say("%s", text) end
end

say("-- hover on an expression")
vim.fn.cursor(1, 1)
if vim.fn.search("local\\.\\|var\\.") > 0 then
  say("%s", vim.trim(vim.api.nvim_get_current_line()))
  local hover = ask("textDocument/hover")
  say("%s", hover and hover.contents.value or "nothing")
end

say("-- go to the module of a call")
vim.fn.cursor(1, 1)
vim.fn.search("source *=")
vim.cmd("normal! $")
local target = ask("textDocument/definition")
say("%s", target and vim.fn.fnamemodify(vim.uri_to_fname(target.uri), ":.") or "nothing")
vim.cmd("qall!")
