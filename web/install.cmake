# cmake -DNPM=... -DFOLDER=... -P install.cmake: npm ci, and a sentence that helps when it fails.
execute_process(
  COMMAND ${NPM} ci --omit=dev --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
  WORKING_DIRECTORY ${FOLDER}
  RESULT_VARIABLE status
  OUTPUT_VARIABLE out
  ERROR_VARIABLE out)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${out}\nnpm could not install what the pages are built with (web/package-lock.json). It needs the npm registry, or "
                      "these packages in its cache; behind a proxy, set npm's https-proxy. -DAVOW_WEB=OFF builds the server without its pages.")
endif()
file(TOUCH ${FOLDER}/installed)
