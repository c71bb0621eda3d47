#!/usr/bin/env bash
# The folders of every Swift target use each other in one direction: a circle is an error that names
# the files which close it. Reads Swift as text; nothing need be built.
set -euo pipefail
sources=${1:-Sources}

# A folder uses another where it names a type that is declared at the top of one of its files, or
# calls a function that is, or a member or an initializer that it adds to somebody else's type. What
# is declared in several folders says nothing, nor does a name that the using file declares itself.
# A file beside the folders stands for itself.
# The layout that `swift format` gives is relied on: declarations begin in column 1, members in 3.
program=$(cat <<'AWK'
# What of a line is code: no comments and no texts, but what texts interpolate. An odd depth is in a
# text, an even one in code.
function code(line,   out, mark) {
  out = ""
  while (line != "") {
    if (comments > 0) {
      if (!match(line, /\/\*|\*\//)) return out
      comments += substr(line, RSTART, 1) == "/" ? 1 : -1
      line = substr(line, RSTART + 2)
    } else if (depth % 2 == 1) {
      if (!match(line, /\\.|"""|"/)) return out
      mark = substr(line, RSTART, RLENGTH)
      line = substr(line, RSTART + RLENGTH)
      if (mark == "\\(") parentheses[++depth] = 1
      else if (mark == quote[depth]) depth--
    } else {
      if (!match(line, /"""|"|\/\/|\/\*|[()]/)) return out line
      mark = substr(line, RSTART, RLENGTH)
      out = out substr(line, 1, RSTART - 1)
      line = substr(line, RSTART + RLENGTH)
      if (mark == "//") return out
      if (mark == "/*") comments++
      else if (mark ~ /"/) quote[++depth] = mark
      else {
        out = out mark
        parentheses[depth] += mark == "(" ? 1 : -1
        if (depth > 0 && parentheses[depth] == 0) depth--
      }
    }
  }
  return out
}

# Finds `kind` and `name` of a declaration; `hidden` if only its own file sees it.
function isDeclaration(text) {
  hidden = 0
  kind = ""
  while (match(text, /^(@[A-Za-z]+(\([^)]*\))?|[a-z]+(\(set\))?) +/)) {
    kind = substr(text, 1, RLENGTH)
    sub(/ +$/, "", kind)
    if (kind ~ /^(struct|class|enum|protocol|actor|typealias|extension|func|var|let)$/) break
    if (kind ~ /^(file)?private$/) hidden = 1
    text = substr(text, RLENGTH + 1)
  }
  # An initializer goes by its first label.
  if (match(text, /^init[^(]*\([A-Za-z]+/)) kind = "init"
  else if (!match(text, "^" kind " +`?[A-Za-z_][A-Za-z_0-9]*")) return 0
  name = substr(text, 1, RLENGTH)
  sub(/^.*[ `(]/, "", name)
  return 1
}

# Remembers the folder that declares what a key says; nothing where several do.
function offer(key) {
  if (!(key in home)) home[key] = room
  else if (home[key] != room) home[key] = ""
}

# Forgets a key that another folder declares as well.
function contest(key, other) {
  if (key in home && home[key] != other) home[key] = ""
}

FNR == 1 {
  rest = substr(FILENAME, length(sources) + 2)
  target = rest
  sub(/\/.*/, "", target)
  room = substr(rest, length(target) + 2)
  sub(/\/.*/, "", room)
  room = target "/" room
  targets[target] = 1
  targetOf[room] = target
  roomOf[FILENAME] = room
  files[++count] = FILENAME
  depth = comments = 0
  extended = ""
}

{
  text = code($0)
  # A text of one line ends with it.
  if (depth % 2 == 1 && quote[depth] == "\"") depth--

  if (text ~ /^[A-Za-z@]/) {
    extended = ""
    if (isDeclaration(text)) {
      if (kind == "extension") extended = hidden ? "" : name
      else if (hidden) own[FILENAME, name] = 1
      else if (kind ~ /^(func|var|let)$/) offer("function " name)
      else offer(target " type " name)
    }
  } else if (extended != "" && text ~ /^  [a-z@]/ && isDeclaration(substr(text, 3)) && !hidden) {
    if (kind == "init") added["initializer " extended "(" name, room] = extended
    else if (kind ~ /^(func|var|let)$/) added["member " name, room] = extended
  }

  last = ""
  while (match(text, /[A-Za-z_][A-Za-z_0-9]*/)) {
    word = substr(text, RSTART, RLENGTH)
    isMember = RSTART > 1 && substr(text, RSTART - 1, 1) == "."
    text = substr(text, RSTART + RLENGTH)
    if (last ~ /^(func|var|let|case)$/) declared[word, room] = own[FILENAME, word] = 1
    else if (last ~ /^(struct|class|enum|protocol|actor|typealias)$/) own[FILENAME, word] = 1
    else if (isMember) uses[FILENAME, "member " word] = 1
    else {
      uses[FILENAME, target " type " word] = 1
      if (text ~ /^\(/) uses[FILENAME, "function " word] = 1
      if (match(text, /^\([A-Za-z]+:/))
        uses[FILENAME, "initializer " word substr(text, 1, RLENGTH - 1)] = 1
    }
    last = word
  }
}

END {
  # What a folder adds to a type of its own is known by the type.
  for (pair in added) {
    split(pair, part, SUBSEP)
    room = part[2]
    if (home[targetOf[room] " type " added[pair]] != room) offer(part[1])
  }
  for (pair in declared) {
    split(pair, part, SUBSEP)
    contest("member " part[1], part[2])
    contest("function " part[1], part[2])
  }

  for (pair in uses) {
    split(pair, part, SUBSEP)
    user = roomOf[part[1]]
    used = part[2] in home ? home[part[2]] : ""
    if (used == "" || used == user || targetOf[used] != targetOf[user]) continue
    name = part[2]
    sub(/^.*(type|function|member|initializer) /, "", name)
    if ((part[1], name) in own) continue
    reaches[user, used] = 1
    if (!((part[1], used) in names)) filesOf[user, used]++
    names[part[1], used] = names[part[1], used] " " name
  }
  for (via in targetOf) for (from in targetOf) if ((from, via) in reaches)
    for (to in targetOf) if ((via, to) in reaches) reaches[from, to] = 1

  for (first in targetOf) {
    if (!((first, first) in reaches) || first in told) continue
    circle = ""
    folders = 0
    for (room in targetOf) if ((first, room) in reaches && (room, first) in reaches) {
      told[room] = first
      circle = circle " " substr(room, length(targetOf[room]) + 2)
      folders += room !~ /\.swift$/
    }
    # Files that lie side by side are as good as in a folder.
    if (!folders) continue
    bad = 1
    print targetOf[first] ": a circle of folders:" circle
    least = count
    for (from in told) for (to in told)
      if (told[from] == first && told[to] == first && (from, to) in filesOf)
        if (filesOf[from, to] < least) least = filesOf[from, to]
    # Many files use what is below them; what closes the circle is mostly few.
    for (from in told) for (to in told)
      if (told[from] == first && told[to] == first && (from, to) in filesOf) {
        number = filesOf[from, to]
        print "  " from " uses " to " in " number (number == 1 ? " file" : " files")
        for (n = 1; n <= count && (number <= 3 || number == least); n++)
          if (roomOf[files[n]] == from && (files[n], to) in names)
            print "    " files[n] ":" names[files[n], to]
      }
  }
  number = 0
  for (target in targets) number++
  if (!bad) print "the folders of " number " targets use each other in one direction"
  exit bad
}
AWK
)

mapfile -t files < <(find "$sources" -mindepth 2 -name '*.swift' | LC_ALL=C sort)
[ ${#files[@]} -gt 0 ] || { echo "no Swift in $sources" >&2; exit 1; }
message=$(awk -v sources="$sources" "$program" "${files[@]}") \
  || { echo "$message" >&2; echo "Move what these files name, or what names it." >&2; exit 1; }
echo "$message"
