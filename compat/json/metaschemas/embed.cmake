# cmake -DOUT=metaschemas_data.c -DDIR=... -P embed.cmake: one byte array per meta-schema, and the table of all of them.
file(GLOB found RELATIVE ${DIR} ${DIR}/*.json)
list(SORT found)
set(arrays "")
set(rows "")
foreach(name IN LISTS found)
  file(READ ${DIR}/${name} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n    "
         bytes "${bytes}")
  string(MAKE_C_IDENTIFIER "text_${name}" id)
  string(APPEND arrays "/* ${name} */\nstatic const unsigned char ${id}[] = {\n    ${bytes}0};\n\n")
  string(APPEND rows "    {\"${name}\", {(const char *)${id}, sizeof ${id} - 1}},\n")
endforeach()
file(WRITE ${OUT}.new "/* Made from compat/json/metaschemas by embed.cmake. */
#include \"compat/json/metaschemas.h\"

${arrays}const js_metaschema_file_t js_metaschema_files[] = {
${rows}    {NULL, {NULL, 0}},
};
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
file(REMOVE ${OUT}.new)
