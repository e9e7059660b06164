autocmd BufRead,BufNewFile *.kf,*.kft setfiletype kuneiform
