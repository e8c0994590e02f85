/* place.c - leaves one stack and goes on with another. */
#include "service/place.h"

#include <stdint.h>

#include "base/log.h"

#include "base/banned.h"

#ifdef PLACE_IS_OURS

void place_leave(void **here, void *to) __asm__("songda_place_leave");
void place_begin(void) __asm__("songda_place_begin");

#if defined(__x86_64__)
/* From below: the SSE and x87 modes, r15, r14, r13, r12, rbx, rbp, and where to return to. */
enum { REGISTERS = 8, FUNCTION_AT = 2, ARGUMENT_AT = 3, RETURN_AT = 7 };
static const uint64_t modes = UINT64_C(0x037F) << 32 | 0x1F80;

__asm__(".text\n"
        ".p2align 4\n"
        ".type songda_place_leave, @function\n"
        "songda_place_leave:\n"
        ".cfi_startproc\n"
        "  pushq %rbp\n"
        "  pushq %rbx\n"
        "  pushq %r12\n"
        "  pushq %r13\n"
        "  pushq %r14\n"
        "  pushq %r15\n"
        "  subq $8, %rsp\n"
        "  stmxcsr (%rsp)\n"
        "  fnstcw 4(%rsp)\n"
        "  movq %rsp, (%rdi)\n"
        "  movq %rsi, %rsp\n"
        "  ldmxcsr (%rsp)\n"
        "  fldcw 4(%rsp)\n"
        "  addq $8, %rsp\n"
        "  popq %r15\n"
        "  popq %r14\n"
        "  popq %r13\n"
        "  popq %r12\n"
        "  popq %rbx\n"
        "  popq %rbp\n"
        "  ret\n"
        ".cfi_endproc\n"
        ".size songda_place_leave, .-songda_place_leave\n"
        ".type songda_place_begin, @function\n"
        "songda_place_begin:\n"
        ".cfi_startproc\n"
        ".cfi_undefined rip\n"
        "  movq %r13, %rdi\n"
        "  callq *%r14\n"
        "  ud2\n"
        ".cfi_endproc\n"
        ".size songda_place_begin, .-songda_place_begin\n");

static void set_modes(uint64_t *registers)
{
    registers[0] = modes;
}

#else /* aarch64: x19 to x30, d8 to d15 */
enum { REGISTERS = 20, FUNCTION_AT = 0, ARGUMENT_AT = 1, RETURN_AT = 11 };

__asm__(".text\n"
        ".p2align 4\n"
        ".type songda_place_leave, %function\n"
        "songda_place_leave:\n"
        ".cfi_startproc\n"
        "  sub sp, sp, #160\n"
        "  stp x19, x20, [sp, #0]\n"
        "  stp x21, x22, [sp, #16]\n"
        "  stp x23, x24, [sp, #32]\n"
        "  stp x25, x26, [sp, #48]\n"
        "  stp x27, x28, [sp, #64]\n"
        "  stp x29, x30, [sp, #80]\n"
        "  stp d8, d9, [sp, #96]\n"
        "  stp d10, d11, [sp, #112]\n"
        "  stp d12, d13, [sp, #128]\n"
        "  stp d14, d15, [sp, #144]\n"
        "  mov x9, sp\n"
        "  str x9, [x0]\n"
        "  mov sp, x1\n"
        "  ldp x19, x20, [sp, #0]\n"
        "  ldp x21, x22, [sp, #16]\n"
        "  ldp x23, x24, [sp, #32]\n"
        "  ldp x25, x26, [sp, #48]\n"
        "  ldp x27, x28, [sp, #64]\n"
        "  ldp x29, x30, [sp, #80]\n"
        "  ldp d8, d9, [sp, #96]\n"
        "  ldp d10, d11, [sp, #112]\n"
        "  ldp d12, d13, [sp, #128]\n"
        "  ldp d14, d15, [sp, #144]\n"
        "  add sp, sp, #160\n"
        "  ret\n"
        ".cfi_endproc\n"
        ".size songda_place_leave, .-songda_place_leave\n"
        ".type songda_place_begin, %function\n"
        "songda_place_begin:\n"
        ".cfi_startproc\n"
        ".cfi_undefined x30\n"
        "  mov x0, x20\n"
        "  blr x19\n"
        "  brk #1\n"
        ".cfi_endproc\n"
        ".size songda_place_begin, .-songda_place_begin\n");

static void set_modes(uint64_t *registers)
{
    (void)registers;
}
#endif

void place_init(struct place *place, char *stack, size_t size, void (*function)(void *),
                void *argument)
{
    uint64_t *top = (uint64_t *)(void *)(stack + (size & ~(size_t)15));
    uint64_t *registers = top - REGISTERS;

    memset(registers, 0, REGISTERS * sizeof(*registers));
    set_modes(registers);
    registers[FUNCTION_AT] = (uint64_t)(uintptr_t)function;
    registers[ARGUMENT_AT] = (uint64_t)(uintptr_t)argument;
    registers[RETURN_AT] = (uint64_t)(uintptr_t)place_begin;
    place->top = registers;
}

void place_switch(struct place *here, struct place *to)
{
    place_leave(&here->top, to->top);
}

#else

/* makecontext passes ints only, so function and argument come in two halves each. */
static void begin(unsigned function_high, unsigned function_low, unsigned argument_high,
                  unsigned argument_low)
{
    void (*function)(void *) = (void (*)(void *))((uintptr_t)function_high << 32 | function_low);

    function((void *)((uintptr_t)argument_high << 32 | argument_low));
}

void place_init(struct place *place, char *stack, size_t size, void (*function)(void *),
                void *argument)
{
    uintptr_t f = (uintptr_t)function, a = (uintptr_t)argument;

    getcontext(&place->context);
    place->context.uc_stack.ss_sp = stack;
    place->context.uc_stack.ss_size = size;
    place->context.uc_link = NULL;
    makecontext(&place->context, (void (*)(void))begin, 4, (unsigned)((uint64_t)f >> 32),
                (unsigned)f, (unsigned)((uint64_t)a >> 32), (unsigned)a);
}

void place_switch(struct place *here, struct place *to)
{
    if (swapcontext(&here->context, &to->context) != 0)
        die("fiber", "swapcontext");
}

#endif
