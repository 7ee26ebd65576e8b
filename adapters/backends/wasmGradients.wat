;; Sums over the memory of tfjs-wasm, four numbers at a time. Pointers are in bytes, all else counts numbers.
(module
  (import "tfjs" "memory" (memory 0))

  ;; sums[c, o] += Σ_z x[z · stride + c] · y[z · columns + o], z < n, c < rows, o < columns.
  ;; n is at least 1, columns a multiple of 4. Four rows of sums are held at once, for an addition waits for the last.
  (func (export "correlate")
    (param $sums i32) (param $x i32) (param $y i32)
    (param $n i32) (param $rows i32) (param $stride i32) (param $columns i32)
    (local $o i32) (local $c i32) (local $z i32) (local $width i32)
    (local $from i32) (local $at i32) (local $to i32)
    (local $d v128) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $width (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $stride (i32.shl (local.get $stride) (i32.const 2)))
    (loop $fourColumns
      (local.set $c (i32.const 0))
      (local.set $to (i32.add (local.get $sums) (i32.shl (local.get $o) (i32.const 2))))
      (block $fewRows
        (loop $fourRows
          (br_if $fewRows (i32.gt_u (i32.add (local.get $c) (i32.const 4)) (local.get $rows)))
          (local.set $from (i32.add (local.get $x) (i32.shl (local.get $c) (i32.const 2))))
          (local.set $at (i32.add (local.get $y) (i32.shl (local.get $o) (i32.const 2))))
          (local.set $s0 (v128.const i32x4 0 0 0 0))
          (local.set $s1 (v128.const i32x4 0 0 0 0))
          (local.set $s2 (v128.const i32x4 0 0 0 0))
          (local.set $s3 (v128.const i32x4 0 0 0 0))
          (local.set $z (local.get $n))
          (loop $terms
            (local.set $d (v128.load (local.get $at)))
            (local.set $s0 (f32x4.add (local.get $s0)
              (f32x4.mul (local.get $d) (v128.load32_splat (local.get $from)))))
            (local.set $s1 (f32x4.add (local.get $s1)
              (f32x4.mul (local.get $d) (v128.load32_splat offset=4 (local.get $from)))))
            (local.set $s2 (f32x4.add (local.get $s2)
              (f32x4.mul (local.get $d) (v128.load32_splat offset=8 (local.get $from)))))
            (local.set $s3 (f32x4.add (local.get $s3)
              (f32x4.mul (local.get $d) (v128.load32_splat offset=12 (local.get $from)))))
            (local.set $from (i32.add (local.get $from) (local.get $stride)))
            (local.set $at (i32.add (local.get $at) (local.get $width)))
            (br_if $terms (local.tee $z (i32.sub (local.get $z) (i32.const 1)))))
          (call $add (local.get $to) (local.get $s0))
          (call $add (local.tee $to (i32.add (local.get $to) (local.get $width))) (local.get $s1))
          (call $add (local.tee $to (i32.add (local.get $to) (local.get $width))) (local.get $s2))
          (call $add (local.tee $to (i32.add (local.get $to) (local.get $width))) (local.get $s3))
          (local.set $to (i32.add (local.get $to) (local.get $width)))
          (local.set $c (i32.add (local.get $c) (i32.const 4)))
          (br $fourRows)))
      (block $noRows
        (loop $oneRow
          (br_if $noRows (i32.ge_u (local.get $c) (local.get $rows)))
          (local.set $from (i32.add (local.get $x) (i32.shl (local.get $c) (i32.const 2))))
          (local.set $at (i32.add (local.get $y) (i32.shl (local.get $o) (i32.const 2))))
          (local.set $s0 (v128.const i32x4 0 0 0 0))
          (local.set $z (local.get $n))
          (loop $terms
            (local.set $s0 (f32x4.add (local.get $s0)
              (f32x4.mul (v128.load (local.get $at)) (v128.load32_splat (local.get $from)))))
            (local.set $from (i32.add (local.get $from) (local.get $stride)))
            (local.set $at (i32.add (local.get $at) (local.get $width)))
            (br_if $terms (local.tee $z (i32.sub (local.get $z) (i32.const 1)))))
          (call $add (local.get $to) (local.get $s0))
          (local.set $to (i32.add (local.get $to) (local.get $width)))
          (local.set $c (i32.add (local.get $c) (i32.const 1)))
          (br $oneRow)))
      (br_if $fourColumns
        (i32.lt_u (local.tee $o (i32.add (local.get $o) (i32.const 4))) (local.get $columns)))))

  (func $add (param $to i32) (param $more v128)
    (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to)) (local.get $more))))

  ;; Of `count` cells, whose distances from $x and $dx in bytes lie at $cells, adds dy[c] to the one whose x is the largest, the
  ;; first of equals; for each c < channels, a multiple of 4.
  (func (export "route")
    (param $x i32) (param $dx i32) (param $dy i32) (param $cells i32) (param $count i32) (param $channels i32)
    (local $c i32) (local $cell i32) (local $i i32) (local $to i32)
    (local $largest v128) (local $which v128) (local $here v128) (local $more v128)
    (loop $fourChannels
      (local.set $largest (v128.load (i32.add (i32.load (local.get $cells)) (local.get $x))))
      (local.set $which (v128.const i32x4 0 0 0 0))
      (local.set $cell (local.get $cells))
      (local.set $i (i32.const 1))
      (block $compared
        (loop $compare
          (br_if $compared (i32.ge_u (local.get $i) (local.get $count)))
          (local.set $cell (i32.add (local.get $cell) (i32.const 4)))
          (local.set $here (v128.load (i32.add (i32.load (local.get $cell)) (local.get $x))))
          (local.set $more (f32x4.gt (local.get $here) (local.get $largest)))
          (local.set $largest (v128.bitselect (local.get $here) (local.get $largest) (local.get $more)))
          (local.set $which (v128.bitselect (i32x4.splat (local.get $i)) (local.get $which) (local.get $more)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $compare)))
      (local.set $here (v128.load (local.get $dy)))
      (local.set $cell (local.get $cells))
      (local.set $i (i32.const 0))
      (loop $give
        (local.set $to (i32.add (i32.load (local.get $cell)) (local.get $dx)))
        (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to))
          (v128.and (local.get $here) (i32x4.eq (local.get $which) (i32x4.splat (local.get $i))))))
        (local.set $cell (i32.add (local.get $cell) (i32.const 4)))
        (br_if $give (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $dx (i32.add (local.get $dx) (i32.const 16)))
      (local.set $dy (i32.add (local.get $dy) (i32.const 16)))
      (br_if $fourChannels (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 4))) (local.get $channels)))))
)
