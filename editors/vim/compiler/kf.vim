" :make checks the project; columns are bytes, as %c counts them.
if exists('current_compiler')
  finish
endif
let current_compiler = 'kf'
CompilerSet makeprg=kf\ check\ --format\ short\ --column-unit\ bytes\ $*
CompilerSet errorformat=%f:%l:%c:\ %t%*[a-z][KF%n]:\ %m
