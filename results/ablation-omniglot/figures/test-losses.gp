# Draws test-losses.csv; run `gnuplot test-losses.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.7977 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -5.1 textcolor rgb '#222222'
set tmargin at screen 0.685
set rmargin at screen 0.952
set label 'Test losses after 1 step, repetition by repetition' at screen 0.02, screen 0.9306 left noenhanced font ',22'
set label 'omniglot; 5 repetitions of 400 test runs' at screen 0.02, screen 0.8526 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.44746502148781725:1.1704742065494342]
set xtics ('0.5' 0.5, '0.6' 0.6, '0.7' 0.7, '0.8' 0.8, '0.9' 0.9, '1.0' 1.0, '1.1' 1.1)
set xlabel 'mean test loss of a repetition' noenhanced
set yrange [4.1:-0.09999999999999998]
set ytics ('MAML at a fixed rate' 1, 'MAML with a learned rate' 2, 'Meta-SGD' 3) noenhanced scale 0
set grid noytics
set lmargin at screen 0.3056
left = 0.44746502148781725
right = 1.1704742065494342
inside(value) = (value < left ? left : value > right ? right : value)
middle(value) = (column(2) == 0 ? value : NaN)
dot(value) = (column(2) > 0 && value <= right ? value : NaN)
diverged(value) = (column(2) > 0 && value > right ? right : NaN)
height(row, repetition) = row + (repetition - 3.0) * 0.1

set terminal svg size 900,346 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'test-losses.svg'
plot 'test-losses.csv' skip 1 using (inside(middle($4))):1:(inside($5)-inside($4)):(0) with vectors nohead linewidth 2.5 linecolor rgb '#222222' notitle, \
     '' skip 1 using (middle($3)):($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '#222222' title 'interquartile mean and 95 % interval', \
     '' skip 1 using (dot($3)):(height($1, $2)) with points pointtype 7 pointsize 0.9 linecolor rgb '#600072b2' title 'a repetition'

set terminal pngcairo size 900,346 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'test-losses.png'
replot
set output
