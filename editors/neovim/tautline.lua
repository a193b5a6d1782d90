-- tautline in Neovim: copy this to `~/.config/nvim/plugin/tautline.lua`. It needs `tautline` on the PATH, and no plugin.
-- Neovim 0.11 and newer use `vim.lsp.config`; older ones, from 0.7, start the server when such a file is opened.

local command = { "tautline", "lsp" }
local kinds = { "terraform", "terraform-vars", "opentofu", "hcl", "json", "yaml", "dockerfile", "sh", "markdown" }
local markers = { "tautline.hcl", "stacks", "terragrunt.hcl", ".git" }

if vim.lsp.config then
  vim.filetype.add({ extension = { tf = "terraform", tofu = "terraform", tfvars = "terraform-vars", hcl = "hcl" } })
  vim.lsp.config("tautline", { cmd = command, filetypes = kinds, root_markers = markers })
  vim.lsp.enable("tautline")
  return
end

-- The first directory upwards with the strongest marker, as tautline itself looks for it.
local function root(file)
  for _, marker in ipairs(markers) do
    local directory = vim.fn.fnamemodify(file, ":p:h")
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
  return vim.fn.fnamemodify(file, ":p:h")
end

local clients = {}

vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  pattern = { "*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "*.tfvars", "*.tfvars.json", "*.hcl", "*.yaml", "*.yml", "Dockerfile*", "*.sh", "*.md" },
  callback = function(event)
    local file = vim.api.nvim_buf_get_name(event.buf)
    if file == "" or vim.bo[event.buf].buftype ~= "" then
      return
    end
    local directory = root(file)
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
