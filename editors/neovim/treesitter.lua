-- Colours and folds by tree-sitter, from Neovim 0.7 on. Build the parser once, in editors/tree-sitter-kuneiform:
--   cc -O2 -shared -fPIC -I src src/parser.c -o kuneiform.so
-- and load this file; `vim.g.kuneiform_parser` says where the parser is if it is elsewhere.
local here = debug.getinfo(1, "S").source:sub(2):match("(.*)/") or "."
local grammar = here .. "/../tree-sitter-kuneiform"
local parser = vim.g.kuneiform_parser or grammar .. "/kuneiform.so"
local treesitter = vim.treesitter

local function text(path)
  local file = assert(io.open(path))
  local all = file:read("*a")
  file:close()
  return all
end

-- Names that came with Neovim 0.9, or those before.
if treesitter.language and treesitter.language.add then
  treesitter.language.add("kuneiform", { path = parser })
else
  treesitter.require_language("kuneiform", parser)
end
local query = require("vim.treesitter.query")
for _, name in ipairs({ "highlights", "folds", "locals", "injections" }) do
  (query.set or query.set_query)("kuneiform", name, text(grammar .. "/queries/" .. name .. ".scm"))
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = "kuneiform",
  callback = function(event)
    if treesitter.start then
      treesitter.start(event.buf, "kuneiform")
    else
      treesitter.highlighter.new(treesitter.get_parser(event.buf, "kuneiform"))
    end
  end,
})
