# What is selected after each make-next-error, then the lines that lint-buffer marks.
session=kf$$
kak -s $session -ui dummy -e "source $KF_EDITORS/kakoune/kuneiform.kak" </dev/null >/dev/null 2>&1 &
say() { printf '%s\n' "evaluate-commands -client client0 %{ $1 }" | kak -p $session; }
sleep 0.3
set -- *.kf
say "edit $1; make"
for _ in $(seq 100); do
    sleep 0.1
    say "buffer *make*; nop %sh{ [ \$kak_buf_line_count -gt $# ] && touch '$KF_OUT.made' }"
    [ -e "$KF_OUT.made" ] && break
done
sleep 0.2
count=0
for file; do
    count=$((count + 1))
    say "make-next-error; execute-keys '<esc>4L'; nop %sh{ printf '%s|%s\n' \"\$kak_bufname\" \"\$kak_selection\" >>'$KF_OUT' }"
    for _ in $(seq 100); do sleep 0.05; [ "$(cat "$KF_OUT" 2>/dev/null | wc -l)" -ge $count ] && break; done
done
say "edit wide.kf; lint-buffer"
for _ in $(seq 100); do
    sleep 0.1
    say "nop %sh{ [ \"\$kak_opt_lint_error_count\" = 1 ] && printf 'lint|%s\n' \"\$kak_opt_lint_messages\" >>'$KF_OUT' }"
    grep -q '^lint' "$KF_OUT" && break
done
say 'kill! 0'
wait
