/* Links the file named by DOCUMENT into the program. */
    .section .rodata
    .balign 8
    .global document
document:
    .incbin DOCUMENT
document_end:
    .balign 8
    .global document_length
document_length:
#if __SIZEOF_POINTER__ == 8
    .quad document_end - document
#else
    .word document_end - document
#endif
#ifdef __linux__
    .section .note.GNU-stack, "", %progbits
#endif
