/* company.json, read by the assembler. */
    .section .rodata
    .global company_json
    .global company_json_bytes
    .balign 8
company_json:
    .incbin "company.json"
company_json_end:
    .balign 8
company_json_bytes:
    .quad company_json_end - company_json
    .section .note.GNU-stack, "", %progbits
