-- tautline in Neovim: copy this to `~/.config/nvim/plugin/tautline.lua`. It needs `tautline` on the PATH, and no plugin.
-- Neovim 0.11 and newer use `vim.lsp.config`; older ones, from 0.7, start the server when such a file is opened.

local command = { "tautline", "lsp" }
local kinds = { "terraform", "terraform-vars", "opentofu", "hcl", "json", "yaml", "dockerfile", "sh", "markdown" }
-- The server reads the whole repository. What only says that something is one is enough for a file of Terraform's alone, lest
-- it be started for every note and every project.
local markers = { "tautline.hcl", "stacks", "terragrunt.hcl" }
local code = { tf = true, tofu = true, tfvars = true, hcl = true }

-- The first directory upwards with the strongest marker, as tautline itself looks for it; of a file of code that has none,
-- its own. Nothing where the server is not wanted.
local function root(file)
  local own = vim.fn.fnamemodify(file, ":p:h")
  local is_code = code[vim.fn.fnamemodify((file:gsub("%.json$", "")), ":e")]
  for _, marker in ipairs(is_code and vim.list_extend(vim.list_slice(markers), { ".git" }) or markers) do
    local directory = own
    while true do
      local path = directory .. "/" .. marker
      if vim.fn.filereadable(path) == 1 or vim.fn.isdirectory(path) == 1 then
        return directory
      end
      local parent = vim.fn.fnamemodify(directory, ":h")
      if parent == directory then
        break
      end
      directory = parent
    end
  end
  return is_code and own or nil
end

if vim.lsp.config then
  vim.filetype.add({ extension = { tf = "terraform", tofu = "terraform", tfvars = "terraform-vars", hcl = "hcl" } })
  vim.lsp.config("tautline", {
    cmd = command,
    filetypes = kinds,
    root_dir = function(buffer, start)
      local directory = root(vim.api.nvim_buf_get_name(buffer))
      if directory then
        start(directory)
      end
    end,
  })
  vim.lsp.enable("tautline")
  return
end

local clients = {}

vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  pattern = { "*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "*.hcl.json", "*.tfvars", "*.tfvars.json", "*.hcl", "*.yaml", "*.yml", "Dockerfile*", "*.sh", "*.md" },
  callback = function(event)
    local file = vim.api.nvim_buf_get_name(event.buf)
    local directory = root(file)
    if file == "" or vim.bo[event.buf].buftype ~= "" or not directory then
      return
    end
    local client = clients[directory]
    if not client or not vim.lsp.get_client_by_id(client) then
      client = vim.lsp.start_client({ name = "tautline", cmd = command, root_dir = directory })
      clients[directory] = client
    end
    if client then
      vim.lsp.buf_attach_client(event.buf, client)
    end
  end,
})
