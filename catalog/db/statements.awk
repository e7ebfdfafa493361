# statements.awk - makes C of the statements in catalog/sql: one file, one statement, one name.
#
#     awk -v out=header -f statements.awk a.sql b.sql ... > statements.h     enum stmt_t
#     awk -v out=source -f statements.awk a.sql b.sql ... > statements.c     their texts and how many arguments each takes
#
# subject_get.sql is STMT_SUBJECT_GET. Comments (from -- to the end of the line) stay in the file. What would only fail at run
# time fails the build: a second statement in a file, an argument left out ($1 and $3 without $2), two files of one name.

FNR == 1 { finish(); start(FILENAME) }
{ add($0) }
END { finish(); print_all() }

function fail(why)
{
    print file ": " why > "/dev/stderr"
    failed = 1
    exit 1
}

function start(path,    parts, n)
{
    file = path
    n = split(path, parts, "/")
    name = parts[n]
    sub(/\.sql$/, "", name)
    if (name !~ /^[a-z][a-z0-9_]*$/)
        fail("a statement's name is made of small letters, digits and _")
    if (name in seen)
        fail("there is another statement of this name: " seen[name])
    seen[name] = path
    lines = ""
    in_text = ended = top = 0
    split("", used)
}

# One line: what is left of it without its comment. in_text lives on over lines.
function add(line,    i, c, kept)
{
    kept = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "'")
            in_text = !in_text
        if (!in_text && c == "-" && substr(line, i + 1, 1) == "-")
            break
        if (!in_text && c == "/" && substr(line, i + 1, 1) == "*")
            fail("comments begin with --")
        if (!in_text && c == ";") {
            ended = 1
            continue
        }
        if (ended && c !~ /[ \t]/)
            fail("a second statement begins here: " substr(line, i))
        if (!in_text && c == "$" && substr(line, i + 1) ~ /^[0-9]/)
            use(substr(line, i + 1) + 0)
        kept = kept c
    }
    if (!in_text) {
        sub(/[ \t]+$/, "", kept)
        if (kept ~ /^[ \t]*$/)
            return
    }
    gsub(/\\/, "&&", kept)
    gsub(/"/, "\\\"", kept)
    lines = lines "\n     \"" kept "\\n\""
}

function use(n)
{
    used[n] = 1
    if (n > top)
        top = n
}

function finish(    i)
{
    if (name == "" || failed)
        return
    if (in_text)
        fail("a text in quotes does not end")
    if (lines == "")
        fail("there is no statement in it")
    for (i = 1; i <= top; i++)
        if (!(i in used))
            fail("$" i " is left out")
    n_statements++
    names[n_statements] = name
    texts[n_statements] = lines
    args[n_statements] = top
    name = ""
}

function print_all(    i)
{
    if (failed)
        exit 1
    print "/* Made by catalog/db/statements.awk from catalog/sql. */"
    if (out == "header") {
        print "#ifndef AVOW_CATALOG_DB_STATEMENTS_H"
        print "#define AVOW_CATALOG_DB_STATEMENTS_H"
        print "\ntypedef enum {"
        for (i = 1; i <= n_statements; i++)
            print "    STMT_" toupper(names[i]) ","
        print "    STMT_N"
        print "} stmt_t;\n"
        print "typedef struct {"
        print "    const char *name;"
        print "    int n_args;"
        print "    const char *sql;"
        print "} statement_t;\n"
        print "extern const statement_t statements[STMT_N];\n"
        print "#endif"
    } else {
        print "#include \"catalog/db/statements.h\"\n"
        print "const statement_t statements[STMT_N] = {"
        for (i = 1; i <= n_statements; i++)
            print "    [STMT_" toupper(names[i]) "] = {\"" names[i] "\", " args[i] "," texts[i] "},"
        print "};"
    }
}
