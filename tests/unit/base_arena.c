/* base_arena.c - tests of the arena and of the heap's helpers. */
#include "unit.h"

#include "base/arena.h"
#include "base/memory.h"

#define LARGE ((size_t)5 * 1024 * 1024)

static void every_piece_is_zeroed_and_aligned_to_16(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *piece = arena_alloc(&arena, size);

        assert_int_equal((uintptr_t)piece % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xaa, size);
    }
    arena_release(&arena);
}

static void pieces_do_not_overlap_across_blocks(void **state)
{
    struct arena arena;
    unsigned char *pieces[400];

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < 400; i++) {
        pieces[i] = arena_alloc(&arena, 1000);
        memset(pieces[i], (int)i & 0xff, 1000);
    }
    for (size_t i = 0; i < 400; i++)
        for (size_t j = 0; j < 1000; j++)
            assert_int_equal(pieces[i][j], i & 0xff);
    arena_release(&arena);
}

static void a_piece_larger_than_any_block_is_given(void **state)
{
    struct arena arena;
    unsigned char *large, *small;

    (void)state;
    arena_init(&arena);
    large = arena_alloc(&arena, LARGE);
    large[LARGE - 1] = 1;
    small = arena_alloc(&arena, 16);
    assert_int_equal(small[0], 0);
    assert_true(arena_used(&arena) >= LARGE + 16);
    arena_release(&arena);
}

static void reset_keeps_the_first_block_and_gives_zeroed_memory_again(void **state)
{
    struct arena arena;
    unsigned char *first, *again;

    (void)state;
    arena_init(&arena);
    first = arena_alloc(&arena, 64);
    memset(first, 0xff, 64);
    arena_alloc(&arena, 100000);
    arena_reset(&arena);
    assert_int_equal(arena_used(&arena), 0);
    again = arena_alloc(&arena, 64);
    assert_ptr_equal(again, first);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(again[i], 0);
    arena_release(&arena);
}

static void an_arena_may_be_reset_empty_and_released_twice_and_used_again(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    arena_reset(&arena);
    assert_string_equal(arena_text(&arena, "first"), "first");
    arena_release(&arena);
    arena_release(&arena);
    assert_int_equal(arena_used(&arena), 0);
    assert_string_equal(arena_text(&arena, "second"), "second");
    arena_release(&arena);
}

static void texts_and_bytes_are_copied(void **state)
{
    struct arena arena;
    char original[] = "送达 songda";
    char *copy, *part;

    (void)state;
    arena_init(&arena);
    copy = arena_text(&arena, original);
    part = arena_text_len(&arena, original, 6);
    original[0] = 'x';
    assert_string_equal(copy, "送达 songda");
    assert_string_equal(part, "送达");
    assert_null(arena_text(&arena, NULL));
    assert_string_equal(arena_text_len(&arena, NULL, 0), "");
    assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 3);
    assert_non_null(arena_copy(&arena, NULL, 0));
    arena_release(&arena);
}

static void print_gives_the_whole_text_however_long(void **state)
{
    struct arena arena;
    char *text;

    (void)state;
    arena_init(&arena);
    assert_string_equal(arena_print(&arena, "%s-%06d", "CK", 123), "CK-000123");
    text = arena_print(&arena, "%040000d", 7);
    assert_int_equal(strlen(text), 40000);
    assert_int_equal(text[39999], '7');
    arena_release(&arena);
}

static void array_gives_room_for_all_its_elements(void **state)
{
    struct arena arena;
    int64_t *numbers;

    (void)state;
    arena_init(&arena);
    numbers = arena_array(&arena, int64_t, 5000);
    for (int64_t i = 0; i < 5000; i++)
        numbers[i] = i;
    assert_int_equal(*arena_new(&arena, int64_t), 0);
    assert_int_equal(numbers[4999], 4999);
    arena_release(&arena);
}

static void ask_for_an_array_that_overflows(void)
{
    struct arena arena;

    arena_init(&arena);
    arena_array(&arena, int64_t, SIZE_MAX / 4);
}

static void ask_for_more_than_there_can_be(void)
{
    struct arena arena;

    arena_init(&arena);
    arena_alloc(&arena, SIZE_MAX - 8);
}

static void ask_the_heap_for_an_array_that_overflows(void)
{
    memory_array(int64_t, SIZE_MAX / 4);
}

static void memory_that_cannot_be_had_aborts(void **state)
{
    (void)state;
    assert_true(aborts(ask_for_an_array_that_overflows));
    assert_true(aborts(ask_for_more_than_there_can_be));
    assert_true(aborts(ask_the_heap_for_an_array_that_overflows));
}

static void freeing_sets_the_pointer_to_null_and_may_be_repeated(void **state)
{
    char *text = memory_text("heap");
    int *numbers = memory_array(int, 3);

    (void)state;
    assert_string_equal(text, "heap");
    assert_int_equal(numbers[2], 0);
    numbers = memory_resize(numbers, 100 * sizeof(*numbers));
    numbers[99] = 1;
    memory_free(&text);
    memory_free(&text);
    memory_free(&numbers);
    assert_null(text);
    assert_null(numbers);
    assert_null(memory_text(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_zeroed_and_aligned_to_16),
        cmocka_unit_test(pieces_do_not_overlap_across_blocks),
        cmocka_unit_test(a_piece_larger_than_any_block_is_given),
        cmocka_unit_test(reset_keeps_the_first_block_and_gives_zeroed_memory_again),
        cmocka_unit_test(an_arena_may_be_reset_empty_and_released_twice_and_used_again),
        cmocka_unit_test(texts_and_bytes_are_copied),
        cmocka_unit_test(print_gives_the_whole_text_however_long),
        cmocka_unit_test(array_gives_room_for_all_its_elements),
        cmocka_unit_test(memory_that_cannot_be_had_aborts),
        cmocka_unit_test(freeing_sets_the_pointer_to_null_and_may_be_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
