" The quickfix list of :make, and what stands under the cursor at each entry.
set nocompatible encoding=utf-8
exe 'set rtp^=' . $KF_EDITORS . '/vim'
filetype plugin on
syntax on
compiler kf
silent make
let s:out = []
for s:n in range(1, len(getqflist()))
  exe 'silent cc! ' . s:n
  call add(s:out, expand('%') . '|' . strpart(getline('.'), col('.') - 1, 5) . '|' . getqflist()[s:n-1].nr . getqflist()[s:n-1].type)
endfor
call writefile(s:out, $KF_OUT)
qall!
