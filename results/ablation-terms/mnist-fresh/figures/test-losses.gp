# Draws test-losses.csv; run `gnuplot test-losses.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9134 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -5.1 textcolor rgb '#222222'
set tmargin at screen 0.8651
set rmargin at screen 0.952
set label 'Test losses after 20 steps, repetition by repetition' at screen 0.02, screen 0.9703 left noenhanced font ',22'
set label 'ablation-terms-mnist; 10 repetitions of 10 test runs' at screen 0.02, screen 0.9369 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.9324107003211974:1.6400180506706237]
set xtics ('1.0' 1.0, '1.2' 1.2, '1.4' 1.4, '1.6' 1.6)
set xlabel 'mean test loss of a repetition' noenhanced
set yrange [18.6:0.4]
set ytics ('tuned uniform' 1, 'tuned layer-factor by tensor' 2, 'tuned layer-factor by layer' 3, 'tuned weights and biases' 4, 'learned per tensor' 5, 'learned per parameter' 6, 'learned per parameter, orbit means' 7, 'pooled' 8, 'pooled, shrunk by signal' 9, 'tensors, then orbits' 10, 'tensors, shrunk by signal' 11, 'learned per tensor and 5 knots' 12, 'tensors by 5 knots, pooled with parameters' 13, 'learned per orbit of …sh weights and 5 knots' 14, 'learned per orbit of …ghts, shrunk by signal' 15, 'learned per parameter, shrunk by signal' 16, 'learned per parameter…unk by a step''s signal' 17, 'learned per orbit of fresh weights' 18) noenhanced scale 0
set grid noytics
set lmargin at screen 0.5289
left = 0.9324107003211974
right = 1.6400180506706237
inside(value) = (value < left ? left : value > right ? right : value)
middle(value) = (column(2) == 0 ? value : NaN)
dot(value) = (column(2) > 0 && value <= right ? value : NaN)
diverged(value) = (column(2) > 0 && value > right ? right : NaN)
height(row, repetition) = row + (repetition - 5.5) * 0.05

set terminal svg size 900,808 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'test-losses.svg'
plot 'test-losses.csv' skip 1 using (inside(middle($4))):1:(inside($5)-inside($4)):(0) with vectors nohead linewidth 2.5 linecolor rgb '#222222' notitle, \
     '' skip 1 using (middle($3)):($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '#222222' title 'interquartile mean and 95 % interval', \
     '' skip 1 using (dot($3)):(height($1, $2)) with points pointtype 7 pointsize 0.9 linecolor rgb '#600072b2' title 'a repetition'

set terminal pngcairo size 900,808 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'test-losses.png'
replot
set output
