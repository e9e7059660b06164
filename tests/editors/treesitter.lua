-- Trees of the files in $KF_LIST, then how $KF_SAMPLE is highlighted, to $KF_OUT: `path|error or fine|tree` and
-- `at|line:column|capture`, the last of those that cover a place.
local out = assert(io.open(os.getenv("KF_OUT"), "w"))
local editors = os.getenv("KF_EDITORS")
vim.g.kuneiform_parser = os.getenv("KF_PARSER")
vim.opt.runtimepath:append(editors .. "/vim")
vim.cmd("filetype on")

local function first_error(node)
  for child in node:iter_children() do
    if child:type() == "ERROR" or child:missing() then return child end
    if child:has_error() then return first_error(child) or child end
  end
end

local function trees()
  for path in io.lines(os.getenv("KF_LIST")) do
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    local root = vim.treesitter.get_string_parser(text, "kuneiform"):parse()[1]:root()
    local told = "fine"
    if root:has_error() then
      local line, column = (first_error(root) or root):range()
      told = "error at " .. line + 1 .. ":" .. column + 1
    end
    out:write(path .. "|" .. told .. "|" .. root:sexpr():gsub("%s+", " ") .. "\n")
  end
end

-- What the highlighter of the buffer would show.
local function captures()
  vim.cmd("edit " .. os.getenv("KF_SAMPLE"))
  local buffer = vim.api.nvim_get_current_buf()
  local active = vim.treesitter.highlighter.active[buffer]
  out:write("highlighter|" .. (active and "active" or "none") .. "|" .. vim.bo.filetype .. "\n")
  local root = active.tree:parse()[1]:root()
  local query = active:get_query("kuneiform"):query()
  for id, node in query:iter_captures(root, buffer, 0, -1) do
    local line, column = node:start()
    out:write("at|" .. line + 1 .. ":" .. column + 1 .. "|" .. query.captures[id] .. "\n")
  end
end

-- Every query names nodes that there are.
local function queries()
  for _, name in ipairs({ "highlights", "folds", "locals", "injections", "tags" }) do
    local file = assert(io.open(editors .. "/tree-sitter-kuneiform/queries/" .. name .. ".scm"))
    local query = vim.treesitter.parse_query("kuneiform", file:read("*a"))
    file:close()
    out:write("query|" .. name .. "|" .. #query.captures .. "\n")
  end
end

local fine, told = pcall(function()
  dofile(editors .. "/neovim/treesitter.lua")
  trees()
  queries()
  captures()
end)
if not fine then out:write("failed|" .. told .. "|\n") end
out:close()
vim.cmd("qa!")
