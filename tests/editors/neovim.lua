-- The diagnostics of each file, from start to end. nvim-lint is in no distribution: what it does is done here.
package.loaded.lint = { linters = {} }
dofile(os.getenv("KF_EDITORS") .. "/neovim/kf.lua")
local kf = require("lint").linters.kf
local space = vim.api.nvim_create_namespace("kf")
local out = {}
for _, file in ipairs(vim.fn.sort(vim.fn.glob("*.kf", false, true))) do
  vim.cmd("silent edit! " .. file)
  local buffer = vim.api.nvim_get_current_buf()
  local command = { kf.cmd }
  for _, argument in ipairs(kf.args) do
    table.insert(command, type(argument) == "function" and argument() or argument)
  end
  -- As nvim-lint hands it on: lines, ended by LF.
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n") .. "\n"
  vim.diagnostic.set(space, buffer, kf.parser(vim.fn.system(command, text), buffer))
  for _, told in ipairs(vim.diagnostic.get(buffer, { namespace = space })) do
    local line = vim.api.nvim_buf_get_lines(buffer, told.lnum, told.lnum + 1, true)[1]
    table.insert(out, file .. "|" .. line:sub(told.col + 1, told.end_col) .. "|" .. told.code .. "|" .. told.severity)
  end
end
vim.fn.writefile(out, os.getenv("KF_OUT"))
vim.cmd("qall!")
