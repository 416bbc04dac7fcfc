;; y = W x, four numbers at once. x lies at 0, y at 65536 (bytes), W wherever its pointer says;
;; $columns is a multiple of 4. Compiled by wat2wasm, it stands in products.js (tests/live/test_products.py).
(module
  (import "page" "memory" (memory 1))
  (func (export "multiply") (param $W i32) (param $rows i32) (param $columns i32)
    (local $y i32) (local $x i32) (local $end i32) (local $sum v128)
    (local.set $y (i32.const 65536))
    (local.set $end (i32.mul (local.get $columns) (i32.const 4)))
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $sum (v128.const f32x4 0 0 0 0))
        (local.set $x (i32.const 0))
        (loop $column
          (local.set $sum (f32x4.add (local.get $sum)
            (f32x4.mul (v128.load (local.get $x)) (v128.load (local.get $W)))))
          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (local.set $W (i32.add (local.get $W) (i32.const 16)))
          (br_if $column (i32.lt_u (local.get $x) (local.get $end))))
        (f32.store (local.get $y)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
            (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
        (local.set $y (i32.add (local.get $y) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row)))))
