" ALE checks the text as it is typed; saved neighbours serve its imports.
call ale#Set('kuneiform_kf_executable', 'kf')

function! ale_linters#kuneiform#kf#Handle(buffer, lines) abort
  let l:found = []
  for l:line in a:lines
    if l:line !~# '^{"v":1,"type":"diagnostic"'
      continue
    endif
    let l:told = json_decode(l:line)
    " What stands in another file belongs to another buffer.
    if empty(l:told.spans) || l:told.file isnot# expand('#' . a:buffer . ':p')
      continue
    endif
    let l:span = l:told.spans[0]
    let l:item = {
    \ 'lnum': l:span.line.start, 'col': l:span.col_byte.start,
    \ 'text': l:told.message, 'code': l:told.code, 'detail': get(l:told, 'rendered', ''),
    \ 'type': l:told.level is# 'error' ? 'E' : l:told.level is# 'warning' ? 'W' : 'I',
    \}
    " ALE's ends are inclusive.
    if l:span.line.end == l:span.line.start && l:span.col_byte.end > l:span.col_byte.start
      let l:item.end_lnum = l:span.line.end
      let l:item.end_col = l:span.col_byte.end - 1
    endif
    call add(l:found, l:item)
  endfor
  return l:found
endfunction

call ale#linter#Define('kuneiform', {
\ 'name': 'kf',
\ 'executable': {buffer -> ale#Var(buffer, 'kuneiform_kf_executable')},
\ 'command': '%e check --format json --stdin-filename %s -',
\ 'output_stream': 'stdout',
\ 'callback': 'ale_linters#kuneiform#kf#Handle',
\})
