# migrations.awk - puts the files of migrations/ into the binary, byte for byte: their checksums are compared with the database's.
#
#     awk -f migrations.awk 0001_a.sql 0002_b.sql ... > migrations.c

FNR == 1 {
    close_text()
    n = split(FILENAME, parts, "/")
    name = parts[n]
    if (name !~ /^[0-9][0-9][0-9][0-9]_[a-z][a-z0-9_]*\.sql$/)
        fail("a migration's name is four digits, _ and a name in small letters")
    version = substr(name, 1, 4) + 0
    if (version != last + 1)
        fail("the migration before this one is " last)
    last = version
    sub(/^[0-9]*_/, "", name)
    sub(/\.sql$/, "", name)
    list = list sprintf("    {%d, \"%s\", text_%d},\n", version, name, version)
    if (version == 1)
        head()
    print "static const char text_" version "[] ="
    open = 1
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}
END {
    if (failed)
        exit 1
    close_text()
    print "const migration_t migrations[] = {\n" list "};"
    print "const size_t n_migrations = " last + 0 ";"
}

function head()
{
    print "/* Made by catalog/db/migrations.awk from migrations/. */"
    print "#include \"catalog/db/migrate.h\"\n"
}

function close_text()
{
    if (open)
        print "    ;\n"
    open = 0
}

function fail(why)
{
    print FILENAME ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
