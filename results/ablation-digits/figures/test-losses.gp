# Draws test-losses.csv; run `gnuplot test-losses.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9284 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -5.1 textcolor rgb '#222222'
set tmargin at screen 0.8885
set rmargin at screen 0.952
set label 'Test losses after 100 steps, repetition by repetition' at screen 0.02, screen 0.9755 left noenhanced font ',22'
set label 'ablation-digits; 10 repetitions of 40 test runs' at screen 0.02, screen 0.9479 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.07311759273055941:0.20555512859951702]
set xtics ('0.08' 0.08, '0.12' 0.12, '0.16' 0.16, '0.20' 0.2)
set xlabel 'mean test loss of a repetition' noenhanced
set yrange [23.6:0.4]
set ytics ('tuned uniform' 1, 'tuned layer-factor by tensor' 2, 'tuned layer-factor by layer' 3, 'tuned weights and biases' 4, 'tuned momentum' 5, 'tuned Adam' 6, 'tuned AdamW' 7, 'tuned Hessian-informed' 8, 'tuned gradient-magnitude' 9, 'learned global rate' 10, 'learned layer factor' 11, 'learned per layer' 12, 'learned per tensor' 13, 'learned per output unit' 14, 'learned per tensor and step' 15, 'learned per parameter and step' 16, 'learned per parameter, from layer factors' 17, 'learned per parameter, shuffled' 18, 'learned per parameter, tensor means' 19, 'learned per parameter, layer means' 20, 'learned per parameter, output-unit means' 21, 'learned per parameter, log-normal' 22, 'learned per parameter' 23) noenhanced scale 0
set grid noytics
set lmargin at screen 0.4956
left = 0.07311759273055941
right = 0.20555512859951702
inside(value) = (value < left ? left : value > right ? right : value)
middle(value) = (column(2) == 0 ? value : NaN)
dot(value) = (column(2) > 0 && value <= right ? value : NaN)
diverged(value) = (column(2) > 0 && value > right ? right : NaN)
height(row, repetition) = row + (repetition - 5.5) * 0.05

set terminal svg size 900,978 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'test-losses.svg'
plot 'test-losses.csv' skip 1 using (inside(middle($4))):1:(inside($5)-inside($4)):(0) with vectors nohead linewidth 2.5 linecolor rgb '#222222' notitle, \
     '' skip 1 using (middle($3)):($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '#222222' title 'interquartile mean and 95 % interval', \
     '' skip 1 using (dot($3)):(height($1, $2)) with points pointtype 7 pointsize 0.9 linecolor rgb '#600072b2' title 'a repetition'

set terminal pngcairo size 900,978 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'test-losses.png'
replot
set output
