autocmd BufRead,BufNewFile *.kf setfiletype kuneiform
