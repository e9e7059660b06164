-- nvim-lint checks the text as it is typed; saved neighbours serve its imports. Columns are bytes.
local severities = { error = 1, warning = 2, info = 3 }

-- What stands in another file belongs to another buffer.
local function parse(output, buffer)
  local found = {}
  local name = vim.api.nvim_buf_get_name(buffer)
  for line in vim.gsplit(output, "\n", true) do
    local told = line ~= "" and vim.fn.json_decode(line) or {}
    if told.type == "diagnostic" and told.file == name then
      local span = told.spans[1]
      table.insert(found, {
        lnum = span.line.start - 1,
        col = span.col_byte.start - 1,
        end_lnum = span.line["end"] - 1,
        end_col = span.col_byte["end"] - 1,
        severity = severities[told.level],
        code = told.code,
        message = told.message,
        source = "kf",
      })
    end
  end
  return found
end

require("lint").linters.kf = {
  cmd = "kf",
  stdin = true,
  stream = "stdout",
  ignore_exitcode = true,
  args = {
    "check", "--format", "json", "--stdin-filename",
    function() return vim.api.nvim_buf_get_name(0) end,
    "-",
  },
  parser = parse,
}
