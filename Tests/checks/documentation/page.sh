# Commands of a page of the documentation, run as they stand there. To be sourced; $folder is scratch, $METARATE
# the command, and `fail` ends the check.
command_of_pages=$(realpath "$METARATE")

# block LANGUAGE PAGE: the page's blocks of it, each command on one line.
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`/d;p}" "$2" | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba}'; }

# run_page PAGE LEAST: runs the page's Python and then its commands, of which there are at least so many, in a
# folder of their own, in which the check then is. What they say on standard error comes to $folder/all.
run_page() {
  local line work
  work=$folder/$(basename "$1" .md)
  mkdir -p "$folder/bin" "$work"
  ln -sf "$command_of_pages" "$folder/bin/metarate"
  export PATH="$folder/bin:$PATH"
  block sh "$1" >"$folder/commands"
  [ "$(wc -l <"$folder/commands")" -ge "$2" ] || fail "$1 has too few commands"
  block python "$1" >"$folder/data.py"
  cd "$work"
  /usr/bin/python3 "$folder/data.py"
  while read -r line; do
    bash -c "$line" >"$folder/printed" 2>"$folder/messages" </dev/null \
      || fail "exit code $? of: $line: $(cat "$folder/messages")"
    cat "$folder/messages" >>"$folder/all"
    echo "ok: $line"
  done <"$folder/commands"
}
