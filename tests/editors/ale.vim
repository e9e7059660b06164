" What ALE shows of each file, from start to end.
set nocompatible encoding=utf-8
exe 'set rtp^=' . $KF_EDITORS . '/vim'
set hidden
let g:ale_use_global_executables = 1
let g:ale_lint_on_text_changed = 'never'
packadd ale
filetype plugin on
syntax on
let s:out = []
for s:file in sort(glob('*.kf', 0, 1))
  exe 'silent edit ' . s:file
  ALELint
  for s:wait in range(100)
    if !empty(ale#engine#GetLoclist(bufnr('%'))) | break | endif
    sleep 50m
  endfor
  for s:item in ale#engine#GetLoclist(bufnr('%'))
    let s:line = getbufline('%', s:item.lnum)[0]
    call add(s:out, s:file . '|' . strpart(s:line, s:item.col - 1, s:item.end_col - s:item.col + 1) . '|' . s:item.code . '|' . s:item.type)
  endfor
endfor
call writefile(s:out, $KF_OUT)
qall!
