/* The first instructions of the device: switch the floating-point unit on, then newlib's start-up code. */
    .syntax unified
    .section .text.reset, "ax"
    .global reset
    .thumb_func
reset:
    ldr r0, =0xE000ED88         /* CPACR */
    ldr r1, [r0]
    orr r1, r1, #(0xF << 20)    /* full access to coprocessors 10 and 11 */
    str r1, [r0]
    dsb
    isb
    b _start
