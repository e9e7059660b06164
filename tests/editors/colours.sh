# What Kakoune draws of each file, as it tells programs that draw for it; each face has a colour of its own.
faces='set-face global keyword rgb:000001; set-face global type rgb:000002; set-face global variable rgb:000003
set-face global meta rgb:000004; set-face global value rgb:000005; set-face global string rgb:000006; set-face global comment rgb:000007'
ask() { printf '{"jsonrpc":"2.0","method":"%s","params":[%s]}\n' "$1" "$2"; }
for file; do
    mkfifo "$file.asked"
    kak -ui json -e "source $KF_EDITORS/kakoune/kuneiform.kak; $faces; edit -existing $file" <"$file.asked" >"$file.drawn" 2>/dev/null &
    {
        ask resize '50, 150'
        for _ in $(seq 100); do
            sleep 0.1
            grep -q 000001 "$file.drawn" && break
        done
        ask keys '"<esc>:quit!<ret>"'
    } >"$file.asked"
    wait
    grep -F '"method": "draw"' "$file.drawn" | tail -n 1 >>"$KF_OUT"
done
